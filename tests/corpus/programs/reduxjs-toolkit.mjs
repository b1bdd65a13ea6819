import { configureStore, createAsyncThunk, createEntityAdapter, createListenerMiddleware, createSelector, createSlice, isAnyOf } from '@reduxjs/toolkit';
import { createApi, fakeBaseQuery } from '@reduxjs/toolkit/query';

const load = createAsyncThunk('todos/load', async (count) => Array.from({ length: count }, (_, id) => ({ id, text: `t${id}` })));
const adapter = createEntityAdapter({ sortComparer: (a, b) => b.id - a.id });
const todos = createSlice({ name: 'todos', initialState: adapter.getInitialState({ busy: false }), reducers: { renamed: (state, { payload }) => { state.entities[payload.id].text = payload.text; } }, extraReducers: (builder) => builder.addCase(load.pending, (state) => { state.busy = true; }).addMatcher(isAnyOf(load.fulfilled), (state, { payload }) => { state.busy = false; adapter.setAll(state, payload); }) });
const api = createApi({ baseQuery: fakeBaseQuery(), endpoints: (build) => ({ one: build.query({ queryFn: (id) => ({ data: id * 2 }) }) }) });
const listener = createListenerMiddleware();
listener.startListening({ actionCreator: todos.actions.renamed, effect: (action) => console.log('heard', action.type) });
const store = configureStore({ reducer: { [todos.name]: todos.reducer, [api.reducerPath]: api.reducer }, middleware: (defaults) => defaults().prepend(listener.middleware).concat(api.middleware) });
await store.dispatch(load(3));
store.dispatch(todos.actions.renamed({ id: 1, text: 'new' }));
console.log(createSelector(adapter.getSelectors((state) => state.todos).selectAll, (all) => all.map((todo) => todo.text))(store.getState()));
const query = store.dispatch(api.endpoints.one.initiate(21));
console.log((await query).data);
query.unsubscribe();
store.dispatch(api.util.resetApiState());
